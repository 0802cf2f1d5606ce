namespace Ferry.Fixup.Guests.Windows;

/// <summary>VMware's services and drivers, by exact names: vmbus, vmstorfl, vmgid, vms3cap and vmic* are Microsoft's own.</summary>
internal static class VmwareNames
{
    /// <summary>Services.</summary>
    public static IReadOnlyList<string> Services { get; } =
        ["VMTools", "VMUpgradeHelper", "VGAuthService", "vm3dservice", "vmvss", "VMwareCAFCommAmqpListener", "VMwareCAFManagementAgentHost", "TPAutoConnSvc", "TPVCGateway", "GISvc"];

    /// <summary>Drivers.</summary>
    public static IReadOnlyList<string> Drivers { get; } =
    [
        "vmci", "vsock", "vmhgfs", "vmmemctl", "vmmouse", "vmusbmouse", "vmrawdsk", "vm3dmp", "vm3dmp_loader", "vm3dmp-debug", "vm3dmp-stats", "vmx_svga", "vmaudio", "vmxnet", "vmxnet3",
        "vmxnet3ndis6", "vmxnet3ndis5", "pvscsi", "vmscsi", "vsepflt", "vnetflt", "vnetWFP", "giappdef", "glxgi", "vmdesched", "vmparport",
    ];

    /// <summary>Its network provider, which makes logons slow when its driver does not run.</summary>
    public const string NetworkProvider = "vmhgfs";

    /// <summary>Values of the Run key.</summary>
    public static IReadOnlyList<string> RunValues { get; } = ["VMware User Process", "VMware Tools"];
}
