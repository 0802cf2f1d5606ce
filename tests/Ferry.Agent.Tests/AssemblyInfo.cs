// The tests start programs, and make trees with links, that are of Linux only.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
