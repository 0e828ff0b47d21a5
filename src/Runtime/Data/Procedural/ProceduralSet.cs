using System.Threading.Tasks;

namespace GenDsl.Runtime.Data.Procedural;

/// <summary>A data set whose rows are made, each from its own random stream, keyed by seed, set, split and row.</summary>
internal abstract class ProceduralSet(string name, string summary, string[] views, int train, int test, int validation)
    : DataSet(new DataSetInfo(name, summary, "", ["train", "test", "validation"], views, true))
{
    protected override Source Read(DataRequest request)
    {
        var rows = request.Options.Rows ?? request.Split switch
        {
            "train" => train,
            "test" => test,
            _ => validation,
        };
        const int most = 200_000;
        if (rows > most)
        {
            throw new GenDslException($"Data set '{Info.Name}': {rows} rows were asked for, at most {most} are made.");
        }

        return Make(request, (int)rows, RowRandom.Key(request.Options.Seed, $"{Info.Name}:{request.Split}"));
    }

    protected abstract Source Make(DataRequest request, int rows, ulong key);

    /// <summary>Makes one value per row, on all cores.</summary>
    protected static T[] Rows<T>(int rows, ulong key, RowMaker<T> make)
    {
        var made = new T[rows];
        Parallel.For(0, rows, row =>
        {
            var random = new RowRandom(key, row);
            made[row] = make(ref random, row);
        });
        return made;
    }

    protected delegate T RowMaker<T>(ref RowRandom random, int row);
}
