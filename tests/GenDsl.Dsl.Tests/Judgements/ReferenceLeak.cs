using System.Linq;
using GenDsl.Dsl.Ir;

namespace GenDsl.Dsl.Tests.Judgements;

/// <summary>Whether the law of any number depends on a number that is not drawn before it, number by number.</summary>
internal static class ReferenceLeak
{
    /// <param name="reach">What depends on what, counted in numbers of the data.</param>
    /// <param name="root">What is distributed: the data's numbers, perhaps in another order.</param>
    /// <param name="argument">An argument of the law.</param>
    /// <param name="channelsAreEvent">True where the channels of a site are drawn at once.</param>
    public static bool In(ReferenceReach reach, IrValue root, IrValue argument, bool channelsAreEvent)
    {
        long[] shape = reach.Shape(root);
        int numbers = ReferenceReach.Count(shape);
        bool hasChannels = shape.Length >= 2;
        long channels = hasChannels ? shape[0] : 1;
        long sites = numbers / channels;

        // Parameter j of number i is number j * count + i of an argument; the order is sites, then channels.
        long Rank(long number) => hasChannels ? (number % sites * (channelsAreEvent ? 1 : channels)) + (channelsAreEvent ? 0 : number / sites) : number;
        var drawn = new long[numbers];
        for (int i = 0; i < numbers; i++)
        {
            drawn[reach.Of(root, i).Single()] = Rank(i);
        }

        return Enumerable.Range(0, ReferenceReach.Count(reach.Shape(argument))).Any(i => reach.Of(argument, i).Any(read => drawn[read] >= Rank(i % numbers)));
    }
}
