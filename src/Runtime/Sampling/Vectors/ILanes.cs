namespace GenDsl.Runtime;

/// <summary>Some floats that one instruction handles: the width of the machine's registers behind one text of each kernel.</summary>
internal unsafe interface ILanes<T>
    where T : struct, ILanes<T>
{
    static abstract int Count { get; }

    static abstract T Zero { get; }

    static abstract T Load(float* source);

    static abstract T All(float value);

    static abstract void Store(T value, float* target);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Divide(T a, T b);

    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Min(T a, T b);

    static abstract T Max(T a, T b);

    static abstract T Round(T a);

    /// <summary>2 to the power of a whole number in [-126, 127].</summary>
    static abstract T PowerOfTwo(T whole);

    static abstract float Sum(T a);
}
