namespace Ferry.Hosting.Tests.Support;

/// <summary>What happens when a test's resource is released.</summary>
internal sealed class ReleaseScript
{
    public Action<string> Release { get; set; } = _ => { };
}
