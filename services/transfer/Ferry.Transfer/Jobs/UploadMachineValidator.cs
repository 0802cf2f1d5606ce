using Ferry.Contracts.Transfer;

namespace Ferry.Transfer.Jobs;

/// <summary>Checks the machine of an upload: it is kept, shown and sent in messages, so it is bounded, and its disks are the upload's files.</summary>
internal static class UploadMachineValidator
{
    private const int MostNics = 200;
    private const int MostFindings = 200;
    private const int LongestText = 200;
    private const int LongestMessage = 2000;
    private const int MostProcessors = 8192;
    private const int MostMemoryMiB = 64 << 20;
    private static readonly string[] Buses = ["scsi", "sata", "ide", "nvme"];

    /// <summary>What is wrong, or null.</summary>
    public static string? Problem(TransferJobRequest request) =>
        request.Type is not TransferJobType.Upload ? "is there, which only an upload may have"
        : request.Machine is not { Machine: { Disks: { } disks, Nics: { } nics } machine, Findings: { } findings } ? "is not complete"
        : !IsText(machine.Name, LongestText) || machine.Name.Trim().Length == 0 ? "has no name, or one that is too long or has control characters"
        : machine.Processors is < 1 or > MostProcessors || machine.MemoryMiB is < 1 or > MostMemoryMiB ? "has no processors or memory, or more than there can be"
        : !Enum.IsDefined(machine.Firmware) ? "has an unknown firmware"
        : machine.GuestHint is { } hint && !IsText(hint, LongestText) ? "has a guest system that is too long"
        : disks.Count != request.Files?.Count ? "has not as many disks as the upload has files"
        : disks.Where((disk, i) => disk is null || disk.Index != i || disk.Capacity != request.Files[i]?.Size || !Buses.Contains(disk.Bus) || !IsText(disk.Image, LongestText)
            || !(disk.Format is null or "raw") || disk.Controller is < 0 or > LongestText || disk.Unit is < 0 or > LongestText).Any() ? "has a disk that is not the upload's file of its index, or makes no sense"
        : nics.Count > MostNics || nics.Where((nic, i) => nic is null || nic.Index != i || !IsMac(nic.MacAddress) || !IsText(nic.Network ?? "", LongestText)
            || !IsText(nic.Model ?? "", LongestText)).Any() ? "has too many network adapters, or one that makes no sense"
        : findings.Count > MostFindings || findings.Any(finding => finding is null || !IsText(finding.Id, LongestText) || !IsText(finding.Message, LongestMessage)
            || !IsText(finding.Remedy, LongestMessage) || !Enum.IsDefined(finding.Severity)) ? "has too many findings, or one that is too long"
        : null;

    private static bool IsText(string? text, int longest) => text is not null && text.Length <= longest && !text.Any(char.IsControl);

    private static bool IsMac(string? address) => address is null || (address.Length == 12 && address.All(c => char.IsAsciiDigit(c) || c is >= 'A' and <= 'F'));
}
