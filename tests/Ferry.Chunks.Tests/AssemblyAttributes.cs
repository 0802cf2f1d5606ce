// Real NBD clients and Unix file modes: these tests run on Linux.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
