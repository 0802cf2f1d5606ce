// The tests start programs that run on Linux only.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
