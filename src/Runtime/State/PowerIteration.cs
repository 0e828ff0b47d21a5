using TorchSharp;
using static TorchSharp.torch;

namespace GenDsl.Runtime;

/// <summary>Keeps a vector at the left singular vector of a matrix that belongs to its largest singular value, by power iteration.</summary>
/// <param name="Weight">The matrix, or a filter that is read as one.</param>
/// <param name="Vector">The vector, of length 1.</param>
/// <param name="Axis">The axis of the weight that is the rows of the matrix.</param>
internal sealed record PowerIteration(Tensor Weight, Tensor Vector, long Axis)
{
    // What keeps the length of a vector of zeros from dividing.
    internal const double Smallest = 1e-12;

    /// <summary>Iterations at birth.</summary>
    public const int First = 15;

    /// <summary>One iteration: what each change of the weight is followed by.</summary>
    public void Advance()
    {
        using var frozen = no_grad();
        using var matrix = Matrix(Weight, Axis);
        using var right = Right(matrix, Vector);
        using var image = matrix.mv(right);
        Normalise(image);
        Vector.copy_(image);
    }

    /// <summary>The weight as a matrix whose rows are the features of <paramref name="axis"/>.</summary>
    public static Tensor Matrix(Tensor weight, long axis)
    {
        if (axis == 0)
        {
            return weight.flatten(1);
        }

        using var first = weight.transpose(0, axis);
        return first.flatten(1);
    }

    /// <summary>The right vector that belongs to a left one, of length 1; without graph.</summary>
    public static Tensor Right(Tensor matrix, Tensor left)
    {
        using var frozen = no_grad();
        using var columns = matrix.t();
        var right = columns.mv(left);
        Normalise(right);
        return right;
    }

    /// <summary>Scales a vector to length 1, in place.</summary>
    public static void Normalise(Tensor vector)
    {
        using var length = linalg.vector_norm(vector, 2, null);
        length.clamp_min_(Held.Scalar(Smallest));
        vector.div_(length);
    }
}
