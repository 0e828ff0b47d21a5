using System.Collections.Generic;
using System.IO;
using System.Linq;
using GenDsl.Cli.Training;
using GenDsl.Dsl.Ir;

namespace GenDsl.Cli.Inspection;

/// <summary>Prints a net: its operations in order, with shapes and parameters.</summary>
internal sealed class ModulePrinter(TextWriter writer)
{
    private const int ShapeColumn = 46;
    private const int CountColumn = 72;

    public void Print(ModuleInstance instance, SizeScope owner, int depth)
    {
        var scope = owner.Rounds(instance.Loops).FirstOrDefault()?.Inside(instance) ?? owner.Inside(instance);
        var module = instance.Module;
        var name = instance.Name == module.Name ? instance.Name : $"{instance.Name} = {module.Name}";
        if (instance.AverageOf is { } original)
        {
            Line(depth, $"{instance.Name}: running average of {original.Name}", "", null);
            return;
        }

        var signature = module is IrNet { Forward: { } forward }
            ? $"{string.Join(", ", forward.Parameters.Select(value => scope.Text(value.Type.Shape)))} -> {string.Join(", ", forward.Results.Select(value => scope.Text(value.Type.Shape)))}"
            : "";
        Line(depth, name + Arguments(module, scope), signature, ParameterCount.Of(instance, owner));
        Body(module, scope, depth + 1);
    }

    /// <summary>The inside of a module: a net's operations, or the nets of a model.</summary>
    public void Body(IrModule module, SizeScope scope, int depth)
    {
        if (module is IrNet { Forward: { } forward })
        {
            Block(forward.Body, scope, depth);
            return;
        }

        foreach (var layer in module.Layers)
        {
            Line(depth, layer.Name, "", ParameterCount.Of(layer, scope));
        }

        foreach (var child in module.Children)
        {
            Print(child, scope, depth);
        }
    }

    private void Block(IrBlock block, SizeScope scope, int depth)
    {
        foreach (var statement in block.Statements)
        {
            switch (statement)
            {
                case IrOpStatement { Op: CatalogOp op } when op.Operation.Name[0] != '~':
                    Line(depth, op.Layer?.Name ?? op.Operation.Name, Shapes(op, scope), op.Layer is { } layer ? ParameterCount.Of(layer, scope) : null);
                    break;
                case IrOpStatement { Op: InvokeOp call }:
                    Print(call.Module, scope, depth);
                    break;
                case IrFor loop:
                    var rounds = scope.Rounds([loop.Index]).ToArray();
                    Line(depth, $"for {loop.Index.Variable.Name}, {rounds.Length} rounds; the first:", "", null);
                    Block(loop.Body, rounds.FirstOrDefault() ?? scope, depth + 1);
                    break;
            }
        }
    }

    private static string Shapes(IrOp op, SizeScope scope) => string.Join(", ", op.Outputs.Select(output => scope.Text(output.Type.Shape)));

    private static string Arguments(IrModule module, SizeScope scope)
    {
        IEnumerable<string> known = module.Hyperparameters.Select(h => scope.Named(h.Name) is { } value ? $"{h.Name} = {FigureText.Count(value)}" : h.Name);
        return module.Hyperparameters.Length == 0 ? "" : $"({string.Join(", ", known)})";
    }

    private void Line(int depth, string what, string shape, long? parameters)
    {
        var text = new string(' ', 2 * depth) + what;
        if (shape.Length > 0)
        {
            text = text.PadRight(ShapeColumn) + " " + shape;
        }

        if (parameters > 0)
        {
            text = text.PadRight(CountColumn) + " " + FigureText.Count(parameters.Value).PadLeft(12);
        }

        writer.WriteLine(text);
    }
}
