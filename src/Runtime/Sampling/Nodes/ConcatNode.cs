using System.Collections.Generic;

namespace GenDsl.Runtime;

/// <summary>Values joined along their features.</summary>
internal sealed class ConcatNode(SamplerPlan plan, SiteShape shape, IReadOnlyList<SiteRead> reads) : SiteValue(plan, "concat", shape, reads);
