using System.Security.Cryptography;
using System.Text;
using Ferry.Agent.Inventory;

namespace Ferry.Agent.Capture;

/// <summary>
/// The id of an upload follows from the machine, the run of its kernel, and of each disk what tells whether it was written since: so the same command on unchanged disks goes on with the same upload, whose pages
/// need not be read again, and a disk that was written meanwhile is read as a whole. What has arrived is not sent again in either case.
/// </summary>
internal static class CaptureIdentity
{
    /// <summary>The id.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="inventory">The machine.</param>
    /// <param name="disks">Of each disk its path, size and state.</param>
    /// <param name="generation">Counts the uploads of the same disks that are over.</param>
    public static Guid Of(CaptureOptions options, MachineInventory inventory, IEnumerable<string> disks, int generation)
    {
        var system = inventory.OperatingSystem;
        string[] parts = [options.Name, options.AllBlocks ? "all" : "used", system.MachineId, system.BootId, inventory.Hardware, $"{generation}", .. disks];
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts)))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
