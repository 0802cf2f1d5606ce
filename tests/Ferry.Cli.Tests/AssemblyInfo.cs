// The command line runs on Linux.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
