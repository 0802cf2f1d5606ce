// Ferry runs on Linux: the guest appliance and the file modes need it.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
