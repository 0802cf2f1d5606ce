namespace Ferry.Hosting.Tests.Support;

/// <summary>Releases images.</summary>
internal sealed class ImageReleaser(ReleaseScript script) : RecordingReleaser(script, "image", isProduct: false);
