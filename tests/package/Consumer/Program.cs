using System;
using Consumer.Sample;
using TorchSharp;

namespace Consumer;

public static class Program
{
    public static void Main()
    {
        using var shift = new Shift(new() { Width = 4 });
        using torch.Tensor points = torch.zeros(3, 2);
        using torch.Tensor moved = shift.forward(points);
        Console.WriteLine(moved.size(0) == 3 && moved.size(1) == 2 ? "ok" : "wrong shape");
    }
}
