using Ferry.Chunks.Manifests;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Models;

namespace Ferry.Fixup.Rehearsal;

/// <summary>Makes the part of a conversion's report of what was seen; the screen goes to the chunk store under a manifest of its own, as pictures travel in no message.</summary>
internal static class RehearsalRecords
{
    private const int Sector = 512;

    /// <summary>Makes it.</summary>
    /// <exception cref="Chunks.Store.ChunkStoreException">The store cannot be written.</exception>
    public static async Task<RehearsalReport> MakeAsync(RehearsalResult result, DeviceModel model, ManifestStore manifests, CancellationToken cancellationToken) => new()
    {
        Verdict = result.Verdict.Outcome,
        Sign = result.Verdict.Kind,
        Quote = result.Verdict.Quote,
        Cause = result.Verdict.Cause,
        Seconds = Math.Round(result.Duration.TotalSeconds, 1),
        Acceleration = result.Acceleration == Acceleration.Kvm ? "kvm" : "tcg",
        Machine = model.Description,
        Differences = model.Differences,
        FailedUnits = result.FailedUnits,
        SerialLines = result.SerialLines,
        ScreenManifest = result.Screen is { } screen ? await StoreAsync(screen, manifests, cancellationToken) : null,
        ScreenBytes = result.Screen?.Length ?? 0,
    };

    private static async Task<string> StoreAsync(byte[] file, ManifestStore manifests, CancellationToken cancellationToken)
    {
        // A manifest is of whole sectors.
        var disk = new byte[(file.Length + Sector - 1) / Sector * Sector];
        file.CopyTo(disk, 0);
        var (id, _) = await manifests.Chunks.PutAsync(disk, cancellationToken);
        using var writer = manifests.CreateWriter(disk.Length, ManifestHeader.DefaultChunkSize, Sector, origin: null);
        await writer.AppendAsync(new ManifestEntry(ChunkState.Stored, id), cancellationToken);
        return (await writer.CompleteAsync(cancellationToken)).ToString();
    }
}
