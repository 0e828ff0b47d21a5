using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>A net that somebody else has trained and saved with its program, as <c>torch.jit.save</c> writes it: a TorchScript file.</summary>
/// <remarks>The file is code, which runs in this process: open those alone that you trust.</remarks>
public sealed class ScriptNet : IDisposable
{
    private readonly jit.ScriptModule _module;
    private readonly object[] _arguments;

    private ScriptNet(string path, jit.ScriptModule module, Device device, object[] arguments) =>
        (Name, Hash, _module, Device, _arguments) = (Path.GetFileName(path), Checksum.Of(path), module, device, arguments);

    /// <summary>The name of its file, without the folder.</summary>
    public string Name { get; }

    /// <summary>The SHA-256 of its file, lower-case hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>Reads a file. The net is in evaluation mode.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the net shall run: cpu, cuda or cuda:0.</param>
    /// <param name="arguments">What its <c>forward</c> is given behind the pictures: truth values, whole or real numbers.</param>
    /// <exception cref="GenDslException">The file is not there, is no TorchScript, or cannot be read.</exception>
    public static ScriptNet Load(string path, string device = "cpu", params object[] arguments)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(arguments);
        TorchRuntime.Initialize();
        var place = OptionBag.Place(device);
        ScriptArchive.Require(path);
        try
        {
            var module = jit.load(path, place.type, place.index);
            module.eval();
            return new ScriptNet(path, module, place, arguments);
        }
        catch (ExternalException error)
        {
            throw new GenDslException($"'{path}' cannot be read as TorchScript: {NativeMessage.Of(error)}", error);
        }
    }

    /// <summary>What it says of a batch, in order; new tensors.</summary>
    /// <param name="x">Shape <c>[n, c, h, w]</c>; stays the caller's.</param>
    /// <exception cref="GenDslException">The net does not take such pictures, or gives something else than tensors of shape <c>[n, k]</c>.</exception>
    public IReadOnlyList<Tensor> Apply(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        object given;
        try
        {
            given = _module.call([x, .. _arguments]);
        }
        catch (ExternalException error)
        {
            throw new GenDslException($"{Name} fails on pictures {ShapeText.Of(x.shape[1..])}: {NativeMessage.Of(error)} Say what it takes (the input: channels, rows and columns).", error);
        }
        catch (NotImplementedException error)
        {
            throw new GenDslException($"{Name} gives something else than tensors. {Wanted}", error);
        }

        var results = Parts(given).ToArray();
        var tensors = results.OfType<Tensor>().ToArray();
        if (tensors.Length == results.Length && tensors.Length > 0 && tensors.All(result => result.dim() == 2 && result.size(0) == x.size(0) && result.is_floating_point()))
        {
            return tensors;
        }

        var said = string.Join(" and ", results.Select(result => result is Tensor tensor ? $"{ShapeText.Of(tensor.shape)}{(tensor.is_floating_point() ? "" : $" of {tensor.dtype}")}" : result?.GetType().Name ?? "nothing"));
        foreach (var tensor in tensors)
        {
            tensor.Dispose();
        }

        throw new GenDslException($"{Name} gives {said} for {x.size(0)} pictures. {Wanted}");
    }

    /// <inheritdoc/>
    public void Dispose() => _module.Dispose();

    private const string Wanted = "A net for scores gives real numbers, one tensor [n, k] or a tuple of them: features, then logits.";

    private static IEnumerable<object?> Parts(object? given) => given switch
    {
        ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => tuple[i]),
        object[] list => list,
        _ => [given],
    };
}
