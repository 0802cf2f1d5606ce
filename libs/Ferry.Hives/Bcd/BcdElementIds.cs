namespace Ferry.Hives.Bcd;

/// <summary>Elements of boot configuration objects. The format of each is in bits 24 to 27.</summary>
public static class BcdElementIds
{
    /// <summary>Device: where the application is.</summary>
    public const uint ApplicationDevice = 0x1100_0001;

    /// <summary>String: the path of the application on its device.</summary>
    public const uint ApplicationPath = 0x1200_0002;

    /// <summary>String: what it is called in the menu.</summary>
    public const uint Description = 0x1200_0004;

    /// <summary>Boolean: whether recovery starts by itself.</summary>
    public const uint RecoveryEnabled = 0x1600_0009;

    /// <summary>Boolean: emergency management services in boot applications.</summary>
    public const uint BootEms = 0x1600_0020;

    /// <summary>Boolean: no graphics mode.</summary>
    public const uint GraphicsModeDisabled = 0x1600_0046;

    /// <summary>Integer: the serial port of emergency management services.</summary>
    public const uint EmsPort = 0x1500_0022;

    /// <summary>Integer: their speed in bits a second.</summary>
    public const uint EmsBaudRate = 0x1500_0023;

    /// <summary>Device: where Windows is.</summary>
    public const uint OsDevice = 0x2100_0001;

    /// <summary>String: its folder there.</summary>
    public const uint SystemRoot = 0x2200_0002;

    /// <summary>Object: what the boot manager starts by itself.</summary>
    public const uint DefaultObject = 0x2300_0003;

    /// <summary>Objects: the menu of the boot manager.</summary>
    public const uint DisplayOrder = 0x2400_0001;

    /// <summary>Integer: seconds that the menu is shown.</summary>
    public const uint Timeout = 0x2500_0004;

    /// <summary>Integer: how data are kept from being run as code.</summary>
    public const uint Nx = 0x2500_0020;

    /// <summary>Integer: the menu's kind.</summary>
    public const uint BootMenuPolicy = 0x2500_00C2;

    /// <summary>Boolean: find the HAL at the start.</summary>
    public const uint DetectHal = 0x2600_0010;

    /// <summary>Boolean: Windows PE.</summary>
    public const uint WinPe = 0x2600_0022;

    /// <summary>Boolean: emergency management services in Windows.</summary>
    public const uint Ems = 0x2600_00B0;
}
