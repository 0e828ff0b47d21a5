using System;
using System.Globalization;
using System.Linq;
using GenDsl.Benchmarks;
using GenDsl.Benchmarks.Checks;
using GenDsl.Benchmarks.Compiling;
using GenDsl.Benchmarks.Flows;
using GenDsl.Benchmarks.Measuring;
using GenDsl.Benchmarks.Sampling;
using GenDsl.Benchmarks.Words;

const string usage = """
    Usage: dotnet run -c Release --project benchmarks/GenDsl.Benchmarks -- VERB
      steps [--models vae,dcgan,wgan_gp] [--contestants generated,expert,plain] [--rounds N]
                  time per training step and peak memory, in alternating processes
      flow-step [--models real_nvp,glow,maf] [--contestants generated,expert] [--rounds N]
                  the same of flows
      maf-sampling [--dims 2,8,32,128] [--rounds N]
                  time of draws and densities of autoregressive flows, in both directions
      check       the hand-written programs, and the generated one, compute the same losses
      compile     time from .gen text to C# text, for every shipped model
      sampling [--models wavenet,pixels] [--rounds N] [--features F] [--naive N]
                  time per position of derived samplers, of the naive one, and what the machine allows
      flow-memory [--depths 8,16,32,64] [--steps N] [--batch N]
                  peak memory and time of training steps of a flow, its loop kept or computed again
      words [--rounds N]
                  words per second of skip-gram with words of chance, and with a softmax over all words
      incremental time of the generator after an edit of one file among 100, and of checking ever longer files
    """;

try
{
    switch (args)
    {
        case ["steps" or "flow-step", .. var rest]:
            var arguments = Arguments.Parse(rest, "models", "contestants", "rounds");
            var workloads = args[0] == "steps" ? Workload.All : Workload.Flows;

            var chosen = arguments.Choice("models", [.. workloads.Select(workload => workload.Name)]);

            // A program that computes something else may be as fast as it likes.
            if (!CheckCommand.Run(Console.Error, [.. chosen.Select(Workload.Named)]))
            {
                return 1;
            }

            StepsCommand.Run(args[0], workloads, arguments);
            return 0;
        case ["check"]:
            return CheckCommand.Run(Console.Out, [.. Workload.All, .. Workload.Flows]) ? 0 : 1;
        case ["sampling", .. var rest]:
            SamplingCommand.Run(Arguments.Parse(rest, "models", "rounds", "features", "naive"));
            return 0;
        case ["maf-sampling", .. var rest]:
            AutoregressiveFlowCommand.Run(Arguments.Parse(rest, "dims", "rounds"));
            return 0;
        case ["flow-memory", .. var rest]:
            FlowMemoryCommand.Run(Arguments.Parse(rest, "depths", "steps", "batch"));
            return 0;
        case [FlowMemoryCommand.ChildVerb, var depth, var memory, var steps, var batch]:
            Console.Out.WriteLine(FlowMemoryCommand.Measure(Whole(depth), memory, Whole(steps), Whole(batch)));
            return 0;
        case ["words", .. var rest]:
            WordsCommand.Run(Arguments.Parse(rest, "rounds"));
            return 0;
        case ["compile"]:
            CompileCommand.Run();
            return 0;
        case ["incremental"]:
            IncrementalCommand.Run();
            return 0;
        case [StepsCommand.ChildVerb, var model, var contestant]:
            Contestant.Serve(model, contestant, Console.In, Console.Out);
            return 0;
        case [CompileCommand.ChildVerb, var file]:
            Console.Out.WriteLine(CompileCommand.Measure(file));
            return 0;
        default:
            Console.Error.WriteLine(usage);
            return 1;
    }
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static int Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
