namespace Ferry.Hives.Bcd;

/// <summary>Kinds of boot configuration objects.</summary>
public static class BcdObjectTypes
{
    /// <summary>The boot manager of the firmware.</summary>
    public const uint FirmwareBootManager = 0x1010_0001;

    /// <summary>The boot manager of Windows.</summary>
    public const uint BootManager = 0x1010_0002;

    /// <summary>What loads Windows.</summary>
    public const uint OsLoader = 0x1020_0003;

    /// <summary>What wakes Windows from hibernation.</summary>
    public const uint ResumeLoader = 0x1020_0004;

    /// <summary>The tester of memory.</summary>
    public const uint MemoryTester = 0x1020_0005;
}
