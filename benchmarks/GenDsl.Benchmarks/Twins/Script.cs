using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Benchmarks.Twins;

/// <summary>
/// What the expert twins reach through TorchScript because TorchSharp does not bind it. One entry does a whole move: the gradients of
/// exactly the player's weights, which never become C# objects, then one fused Adam, whose kernel goes through memory in order and wants dense
/// gradients: those of a penalty on slopes are not.
/// </summary>
internal static class Script
{
    private static readonly jit.CompilationUnit Unit = jit.compile("""
        def minimize(loss: Tensor, p: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], lr: float, beta1: float, beta2: float, eps: float, total: Tensor):
          g: List[Tensor] = []
          for x in torch.autograd.grad([loss], p):
            if x is not None:
              g.append(x.contiguous())
          total.add_(loss)
          none: List[Tensor] = []
          t[0].add_(1.0)
          torch._fused_adam_(p, g, m, v, none, t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=0.0, eps=eps, amsgrad=False, maximize=False)
        def slope(of: Tensor, at: Tensor) -> Optional[Tensor]:
          return torch.autograd.grad([of], [at], None, True, True)[0]
        def lerp(target: List[Tensor], source: List[Tensor], weight: float):
          torch._foreach_lerp_(target, source, weight)

        """.ReplaceLineEndings("\n"));

    /// <summary>The gradient of a number at a tensor that it was computed of, as a value that can be differentiated.</summary>
    public static Tensor Slope(Tensor of, Tensor at) => (Tensor)Unit.invoke("slope", of, at);

    /// <summary>Adam over fixed weights, with the running total of its loss.</summary>
    public sealed class Adam(IReadOnlyList<Tensor> weights, double rate, double beta1 = 0.9, double beta2 = 0.999)
    {
        private static readonly Scalar Epsilon = 1e-8;

        private readonly Tensor[] _weights = [.. weights];
        private readonly Tensor[] _first = [.. weights.Select(weight => zeros_like(weight, requires_grad: false))];
        private readonly Tensor[] _second = [.. weights.Select(weight => zeros_like(weight, requires_grad: false))];
        private readonly Tensor[] _steps = [.. Enumerable.Repeat(zeros([]), weights.Count)];
        private readonly Tensor _total = zeros([]);
        private readonly Scalar _rate = rate;
        private readonly Scalar _beta1 = beta1;
        private readonly Scalar _beta2 = beta2;
        private long _count;

        /// <summary>Moves the weights against the gradient of the loss, and disposes it.</summary>
        public void Minimize(Tensor loss)
        {
            using (no_grad())
            {
                Unit.invoke("minimize", loss, _weights, _first, _second, _steps, _rate, _beta1, _beta2, Epsilon, _total);
            }

            loss.Dispose();
            _count++;
        }

        public double ReadMeanLoss()
        {
            var mean = _total.item<float>() / (double)_count;
            _total.fill_(Scalars.Zero);
            _count = 0;
            return mean;
        }
    }

    /// <summary>An exponential moving average of aligned tensors.</summary>
    public sealed class Average(IReadOnlyList<Tensor> source, double decay)
    {
        private readonly Tensor[] _source = [.. source];
        private readonly Scalar _weight = 1 - decay;

        public Tensor[] Values { get; } = [.. source.Select(tensor => tensor.detach().clone())];

        public void Update()
        {
            using var frozen = no_grad();
            Unit.invoke("lerp", Values, _source, _weight);
        }
    }
}
