using System;
using Xunit;

namespace GenDsl.Integration.Tests.Data;

/// <summary>A test that needs the real data files.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute()
    {
        if (RealData.Folder is null)
        {
            Skip = "needs the real data: set GENDSL_DATA to a folder with mnist/train-images-idx3-ubyte.gz and the other files";
        }
    }
}
