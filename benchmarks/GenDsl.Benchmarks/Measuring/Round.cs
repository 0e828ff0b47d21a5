using System;
using System.Collections.Generic;
using System.Linq;

namespace GenDsl.Benchmarks.Measuring;

/// <summary>
/// One fresh process per contestant, which take turns block by block, so that whatever else the machine does meets all of them alike.
/// </summary>
internal sealed record Round(IReadOnlyDictionary<string, Block[]> Blocks, IReadOnlyDictionary<string, Summary> Summaries)
{
    private const string EndCommand = "end";

    public static Round Run(Workload workload, IReadOnlyList<string> contestants)
    {
        var processes = new List<(string Name, ChildProcess Process)>();
        try
        {
            foreach (var contestant in contestants)
            {
                processes.Add((contestant, new ChildProcess(StepsCommand.ChildVerb, workload.Name, contestant)));
                processes[^1].Process.Hear();
            }

            var blocks = contestants.ToDictionary(contestant => contestant, _ => new Block[workload.Blocks]);
            for (var i = 0; i < workload.Blocks; i++)
            {
                // The order alternates, so that going first favours nobody.
                foreach (var (name, process) in i % 2 == 0 ? processes : Enumerable.Reverse(processes))
                {
                    blocks[name][i] = Block.FromLine(process.Ask(Contestant.BlockCommand));
                }
            }

            return new Round(blocks, processes.ToDictionary(item => item.Name, item => Summary.FromLine(item.Process.Ask(EndCommand))));
        }
        finally
        {
            foreach (var (_, process) in processes)
            {
                process.Dispose();
            }
        }
    }

    /// <summary>The ratios of two contestants' figures, block by block.</summary>
    public double[] Ratios(string mine, string other, Func<Block, double> figure) =>
        [.. Blocks[mine].Zip(Blocks[other], (a, b) => figure(a) / figure(b))];
}
