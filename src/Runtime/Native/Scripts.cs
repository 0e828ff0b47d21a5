using System;
using System.Threading;
using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>
/// The one TorchScript unit that is shipped: native operations which TorchSharp does not bind. It is compiled once and never freed.
/// Numbers are passed as Scalars that outlive the call.
/// </summary>
internal static class Scripts
{
    // clip is torch.nn.utils.clip_grad_norm_, with its 1e-6 against a norm of zero.
    private const string Text = """
        def those_found(found: List[Optional[Tensor]]) -> List[Tensor]:
          reached: List[int] = []
          result: List[Tensor] = []
          for g in found:
            if g is None:
              reached.append(0)
            else:
              reached.append(1)
              result.append(g.contiguous())
          result.append(torch.tensor(reached))
          return result
        def gradients(objective: Tensor, at: List[Tensor], keep: bool, create: bool) -> List[Tensor]:
          found = torch.autograd.grad([objective], at, None, keep, create, True)
          return those_found(found)
        def pullback(of: List[Tensor], at: List[Tensor], weights: List[Tensor]) -> List[Tensor]:
          given: List[Optional[Tensor]] = []
          for w in weights:
            given.append(w)
          found = torch.autograd.grad(of, at, given, False, False, True)
          return those_found(found)
        def sgd(p: List[Tensor], g: List[Tensor], m: List[Tensor], lr: float, momentum: float, decay: float, nesterov: bool):
          torch._fused_sgd_(p, g, m, weight_decay=decay, momentum=momentum, lr=lr, dampening=0.0, nesterov=nesterov, maximize=False, is_first_step=False)
        def sgd_plain(p: List[Tensor], g: List[Tensor], lr: float, decay: float):
          none: List[Tensor] = []
          torch._fused_sgd_(p, g, none, weight_decay=decay, momentum=0.0, lr=lr, dampening=0.0, nesterov=False, maximize=False, is_first_step=False)
        def lerp(target: List[Tensor], source: List[Tensor], weight: float):
          torch._foreach_lerp_(target, source, weight)
        def clip(g: List[Tensor], limit: float) -> List[Tensor]:
          norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g, 2)), 2)
          return torch._foreach_mul(g, torch.clamp(limit / (norm + 1e-6), max=1.0))
        def clip_value(g: List[Tensor], limit: float) -> List[Tensor]:
          return torch._foreach_clamp_min(torch._foreach_clamp_max(g, limit), -limit)
        def add(a: List[Tensor], b: List[Tensor]) -> List[Tensor]:
          return torch._foreach_add(a, b)
        def scale(a: List[Tensor], s: float) -> List[Tensor]:
          return torch._foreach_mul(a, s)
        def clamp(p: List[Tensor], low: float, high: float):
          torch._foreach_clamp_min_(p, low)
          torch._foreach_clamp_max_(p, high)
        def batch_norm(x: Tensor, w: Optional[Tensor], b: Optional[Tensor], eps: float) -> Tensor:
          return torch.batch_norm(x, w, b, None, None, True, 0.0, eps, True)
        def lstm(x: Tensor, state: Tensor, w: List[Tensor], train: bool) -> Tensor:
          states, last, cell = torch.lstm(x, [state, state], w, True, 1, 0.0, train, False, False)
          return states
        def gru(x: Tensor, state: Tensor, w: List[Tensor], train: bool) -> Tensor:
          states, last = torch.gru(x, state, w, True, 1, 0.0, train, False, False)
          return states
        """;

    // Both Adams: AdamW's functions are these under its own name, and call its own fused update.
    private const string AdamText = """
        def adam(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float):
          none: List[Tensor] = []
          torch._fused_adam_(p, g, m, v, none, t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
        def minimize_adam(objective: Tensor, keep: bool, p: List[Tensor], m: List[Tensor], v: List[Tensor], t: List[Tensor], steps: Tensor, lr: float, beta1: float, beta2: float, decay: float, eps: float) -> List[Tensor]:
          found = torch.autograd.grad([objective], p, None, keep, False, True)
          g: List[Tensor] = []
          for x in found:
            if x is not None:
              g.append(x.contiguous())
          if len(g) < len(p):
            reached: List[int] = []
            for x in found:
              reached.append(0 if x is None else 1)
            g.append(torch.tensor(reached))
            return g
          none: List[Tensor] = []
          steps.add_(1)
          torch._fused_adam_(p, g, m, v, none, t, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
          return none
        """;

    private static readonly Lazy<jit.CompilationUnit> Unit = new(Compile, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The gradients that exist, in order, contiguous, and last an int64 tensor that says for each input whether it was reached.</summary>
    public static Tensor[] Gradients(Tensor objective, Tensor[] at, bool keepGraph, bool differentiable) =>
        (Tensor[])Invoke("gradients", objective, at, keepGraph, differentiable)!;

    /// <summary>The gradients of the sum of products with <paramref name="weights"/>, in the form of <see cref="Gradients"/>.</summary>
    public static Tensor[] Pullback(Tensor[] of, Tensor[] at, Tensor[] weights) => (Tensor[])Invoke("pullback", of, at, weights)!;

    public static void Adam(bool decoupled, in AdamBatch batch, Scalar rate, AdamConstants constants, Scalar decay) =>
        Invoke(
            decoupled ? "adamw" : "adam", batch.Parameters, batch.Gradients, batch.First, batch.Second, batch.Steps,
            rate, constants.Beta1, constants.Beta2, decay, constants.Eps);

    /// <summary>
    /// Gradients and one step against them, which therefore never become objects here; returns nothing then. Where the objective does not
    /// reach every parameter, it moves none and returns what <see cref="Gradients"/> does.
    /// </summary>
    /// <remarks>The fused update must get the lists it was called with: TorchScript drops it, with the gradients, as dead code if the lists are made inside.</remarks>
    public static Tensor[] MinimizeAdam(
        Tensor objective, bool keepGraph, bool decoupled, in AdamBatch batch, Tensor counters, Scalar rate, AdamConstants constants, Scalar decay) =>
        (Tensor[])Invoke(
            decoupled ? "minimize_adamw" : "minimize_adam", objective, keepGraph, batch.Parameters, batch.First, batch.Second, batch.Steps, counters,
            rate, constants.Beta1, constants.Beta2, decay, constants.Eps)!;

    public static void Sgd(Tensor[] parameters, Tensor[] gradients, Tensor[] momenta, Scalar rate, Scalar momentum, Scalar decay, bool nesterov) =>
        Invoke("sgd", parameters, gradients, momenta, rate, momentum, decay, nesterov);

    public static void Sgd(Tensor[] parameters, Tensor[] gradients, Scalar rate, Scalar decay) =>
        Invoke("sgd_plain", parameters, gradients, rate, decay);

    public static void Lerp(Tensor[] target, Tensor[] source, Scalar weight) => Invoke("lerp", target, source, weight);

    public static Tensor[] Clip(Tensor[] gradients, Scalar limit) => (Tensor[])Invoke("clip", gradients, limit)!;

    public static Tensor[] ClipValue(Tensor[] gradients, Scalar limit) => (Tensor[])Invoke("clip_value", gradients, limit)!;

    public static Tensor[] Add(Tensor[] a, Tensor[] b) => (Tensor[])Invoke("add", a, b)!;

    public static Tensor[] Scale(Tensor[] a, Scalar factor) => (Tensor[])Invoke("scale", a, factor)!;

    public static void Clamp(Tensor[] tensors, Scalar low, Scalar high) => Invoke("clamp", tensors, low, high);

    public static Tensor BatchNorm(Tensor x, Tensor? weight, Tensor? bias, double eps) =>
        (Tensor)Invoke("batch_norm", x, weight, bias, Held.Scalar(eps))!;

    /// <summary>The states of an lstm or a gru of one layer along the first axis.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="x">[t, n, c].</param>
    /// <param name="state">[1, n, hidden].</param>
    /// <param name="weights">weight_ih, weight_hh, bias_ih, bias_hh.</param>
    /// <returns>[t, n, hidden].</returns>
    public static Tensor Recurrent(string kind, Tensor x, Tensor state, Tensor[] weights) =>
        (Tensor)Invoke(kind, x, state, weights, is_grad_enabled())!;

    private static object? Invoke(string name, params object?[] arguments)
    {
        var result = Unit.Value.invoke(name, arguments);
        GC.KeepAlive(arguments);
        return result;
    }

    private static jit.CompilationUnit Compile()
    {
        TorchRuntime.Initialize();
        var text = string.Join('\n', Text, AdamText, AdamText.Replace("adam", "adamw", StringComparison.Ordinal), "");
        return jit.compile(text.ReplaceLineEndings("\n"));
    }
}
