using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir.Horizons;
using GenDsl.Dsl.Judgements.Horizons;
using Xunit;
using Xunit.Abstractions;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>Random nets: whatever the algebra accepts, no number of the law may depend on a number that is not drawn before.</summary>
public sealed class HorizonPropertyTests(ITestOutputHelper output)
{
    private const int Cases = 2500;

    public static TheoryData<int, bool> Seeds => new()
    {
        { 1, false },
        { 1, true },
        { Today, false },
        { Today, true },
    };

    // Rotating: another stretch of seeds every day, the same all day long.
    private static int Today => (int)(DateTime.UtcNow.Date - DateTime.UnixEpoch).TotalDays % 10_000 * 100_000;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void NoWrongAcceptance_AndFewWrongRejections(int seed, bool isSymbolic)
    {
        (int accepted, int leaks) = (0, 0);
        List<int> strict = [];
        for (int i = 0; i < Cases; i++)
        {
            RandomGraph graph = RandomGraph.Of(seed + i, isSymbolic);
            Horizon law = graph.Graph.Law(graph.Root, graph.Argument, graph.ChannelsAreEvent);
            bool isLeak = Leaks(graph);
            Assert.False(law.IsPast && isLeak, $"seed {(seed + i).ToString(CultureInfo.InvariantCulture)}, symbolic {isSymbolic}: accepted with {law}, but it leaks");
            accepted += law.IsPast ? 1 : 0;
            leaks += isLeak ? 1 : 0;
            if (!law.IsPast && !isLeak)
            {
                strict.Add(seed + i);
            }
        }

        output.WriteLine($"{Cases} nets: {accepted} accepted, {leaks} leaks, {strict.Count} wrongly rejected: {string.Join(", ", strict.Take(40))}");
        Assert.InRange(accepted, Cases / 5, Cases);
        Assert.InRange(leaks, Cases / 10, Cases);

        // Sizes that are not known must be right for all values: a rejection may be right for another one.
        Assert.InRange(strict.Count, 0, isSymbolic ? Cases / 20 : Cases / 100);
    }

    private static bool Leaks(RandomGraph graph) =>
        ReferenceLeak.In(new ReferenceReach(graph.Sizes).Run(graph.Block.Statements, graph.Data), graph.Root, graph.Argument, graph.ChannelsAreEvent);
}
