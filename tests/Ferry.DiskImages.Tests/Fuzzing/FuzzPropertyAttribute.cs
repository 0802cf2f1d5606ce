using System.Globalization;
using FsCheck.Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>A property with the same inputs in every run, unless FERRY_TEST_SEED says another seed. A failure shows the smallest input that FsCheck finds.</summary>
// FsCheck's attribute takes no source information either.
#pragma warning disable xUnit3003
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FuzzPropertyAttribute : PropertyAttribute
{
    public FuzzPropertyAttribute() => Replay = string.Create(CultureInfo.InvariantCulture, $"{(uint)Fuzz.FirstSeed},{0x9E3779B97F4A7C15}");
}
