namespace Ferry.Hosting.Tests.Support;

/// <summary>Releases products.</summary>
internal sealed class ProductReleaser(ReleaseScript script) : RecordingReleaser(script, "product", isProduct: true);
