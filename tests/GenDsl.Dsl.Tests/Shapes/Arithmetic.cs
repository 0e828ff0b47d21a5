using System;
using System.Collections.Generic;
using System.Globalization;

namespace GenDsl.Dsl.Tests.Shapes;

/// <summary>Evaluates the C# that sizes are written as: + - * / and parentheses over named integers, as C# would.</summary>
internal sealed class Arithmetic
{
    private readonly string _text;
    private readonly IReadOnlyDictionary<string, long> _values;
    private int _at;

    private Arithmetic(string text, IReadOnlyDictionary<string, long> values) => (_text, _values) = (text.Replace(" ", "", StringComparison.Ordinal), values);

    public static long Evaluate(string text, IReadOnlyDictionary<string, long> values) => new Arithmetic(text, values).Sum();

    private long Sum()
    {
        long value = Product();
        while (_at < _text.Length && (_text[_at] is '+' or '-'))
        {
            value = _text[_at++] == '+' ? value + Product() : value - Product();
        }

        return value;
    }

    private long Product()
    {
        long value = Primary();
        while (_at < _text.Length && (_text[_at] is '*' or '/'))
        {
            value = _text[_at++] == '*' ? value * Primary() : value / Primary();
        }

        return value;
    }

    private long Primary()
    {
        if (_text[_at] == '(')
        {
            _at++;
            long inner = Sum();
            _at++;
            return inner;
        }

        int start = _at;
        while (_at < _text.Length && char.IsLetterOrDigit(_text[_at]))
        {
            _at++;
        }

        string word = _text[start.._at];
        return _values.TryGetValue(word, out long value) ? value : long.Parse(word, CultureInfo.InvariantCulture);
    }
}
