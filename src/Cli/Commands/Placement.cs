using GenDsl.Runtime;

namespace GenDsl.Cli.Commands;

/// <summary>Where a restored trainer shall be.</summary>
internal static class Placement
{
    public static OptionBag On(string? device)
    {
        var changes = new OptionBag();
        if (device is not null)
        {
            changes.Set("device", device);
        }

        return changes;
    }
}
