using System;
using System.Linq;

namespace GenDsl.Runtime;

/// <summary>
/// Features that stand for variables drawn one by one: feature k of n is in class k mod C, or floor(k·C/n) when n &lt; C. Values are stored
/// class by class, so that what a class may read is a prefix and masked weights are dense.
/// </summary>
internal sealed class Grading
{
    public Grading(long features, long classes)
    {
        Features = features;
        Classes = checked((int)classes);
        var labels = Enumerable.Range(0, checked((int)features)).Select(ClassOf).ToArray();
        Natural = [.. Enumerable.Range(0, labels.Length).OrderBy(k => labels[k])];
        Start = new int[Classes + 1];
        foreach (var label in labels)
        {
            Start[label + 1]++;
        }

        for (var k = 0; k < Classes; k++)
        {
            Start[k + 1] += Start[k];
        }
    }

    public long Features { get; }

    public int Classes { get; }

    /// <summary>The feature stored at each place.</summary>
    public int[] Natural { get; }

    /// <summary>Where each class starts in storage; one more entry holds the end.</summary>
    public int[] Start { get; }

    /// <summary>True where equal parts of the features hold the classes in the same pattern.</summary>
    public bool IsEven => Features % Classes == 0;

    /// <summary>True where storage is in the order of the features.</summary>
    public bool IsNatural => Natural.Select((feature, place) => feature == place).All(same => same);

    public int ClassOf(int feature) => Features < Classes ? (int)((long)feature * Classes / Features) : feature % Classes;

    public int Count(int label) => Start[label + 1] - Start[label];

    /// <summary>The number of stored features of classes below <paramref name="label"/>.</summary>
    public int Before(int label) => Start[Math.Clamp(label, 0, Classes)];
}
