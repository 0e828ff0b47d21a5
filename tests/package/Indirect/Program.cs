using System;
using Indirect.Other;
using TorchSharp;

namespace Indirect;

public static class Program
{
    public static void Main()
    {
        using var twice = new Twice();
        using torch.Tensor ones = torch.ones(1, 3);
        using torch.Tensor twos = twice.forward(ones);
        using torch.Tensor sum = twos.sum();
        Console.WriteLine(sum.ToSingle() == 6 ? "ok" : "wrong sum");
    }
}
