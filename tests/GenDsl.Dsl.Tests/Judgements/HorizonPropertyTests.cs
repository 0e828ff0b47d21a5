using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using GenDsl.Dsl.Ir;
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

    private static bool Leaks(RandomGraph graph)
    {
        ReferenceReach reach = new ReferenceReach(graph.Sizes).Run(graph.Block, graph.Data);
        long[] root = reach.Shape(graph.Root);
        long[] shape = reach.Shape(graph.Argument);
        int numbers = ReferenceReach.Count(root);
        bool hasChannels = root.Length >= 2;
        long channels = hasChannels ? root[0] : 1;
        long sites = numbers / channels;

        // Parameter j of number i is number j * count + i of an argument; the order is sites, then channels.
        long Rank(long number) => hasChannels ? (number % sites * (graph.ChannelsAreEvent ? 1 : channels)) + (graph.ChannelsAreEvent ? 0 : number / sites) : number;
        return Enumerable.Range(0, ReferenceReach.Count(shape)).Any(i => reach.Of(graph.Argument, i).Any(read => Rank(read) >= Rank(i % numbers)));
    }
}
