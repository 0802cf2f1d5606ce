using System.Globalization;
using System.Text;
using Ferry.Fixup.Appliance;

namespace Ferry.Fixup.Volumes;

/// <summary>The guest's file systems as the appliance has mounted them.</summary>
public sealed class ApplianceVolume(ApplianceSession session) : IGuestVolume
{
    private const int ListLimit = 8 * 1024 * 1024;
    private const int PermissionMask = 0xFFF;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await CallAsync("list", path, [path, Text(ListLimit)], default, cancellationToken);
        return Encoding.UTF8.GetString(answer.Payload.Span).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <inheritdoc/>
    public async Task<GuestStatus?> StatAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var values = (await session.CallAsync("stat", [path], cancellationToken)).Values;
            var mode = int.Parse(values[0], CultureInfo.InvariantCulture);
            return new GuestStatus(GuestStatus.KindOf(mode), mode & PermissionMask, Int(values[1]), Int(values[2]), long.Parse(values[3], CultureInfo.InvariantCulture));
        }
        catch (GuestfsException e) when (e.Errno == GuestfsException.NoEntry)
        {
            return null;
        }
        catch (GuestfsException e)
        {
            throw new GuestVolumeException(path, e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async Task<string> ReadLinkAsync(string path, CancellationToken cancellationToken) => (await CallAsync("readlink", path, [path], default, cancellationToken)).Values[0];

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string path, long limit, CancellationToken cancellationToken)
    {
        var status = await StatAsync(path, cancellationToken) ?? throw new GuestVolumeException(path, "there is no such file");
        if (status.Kind != GuestEntryKind.File)
        {
            throw new GuestVolumeException(path, "is no regular file");
        }

        if (status.Size > limit)
        {
            throw new GuestVolumeException(path, $"has {status.Size} bytes, more than the {limit} that such a file may have");
        }

        return (await CallAsync("read", path, [path, Text(status.Size)], default, cancellationToken)).Payload.ToArray();
    }

    /// <inheritdoc/>
    public async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (await StatAsync(path, cancellationToken) is not { Kind: GuestEntryKind.File })
        {
            throw new GuestVolumeException(path, "is no regular file that could be replaced");
        }

        await CallAsync("write", path, [path], content, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CreateAsync(string path, ReadOnlyMemory<byte> content, int mode, int owner, int group, CancellationToken cancellationToken)
    {
        if (await StatAsync(path, cancellationToken) is not null)
        {
            throw new GuestVolumeException(path, "exists already");
        }

        await CallAsync("write", path, [path], content, cancellationToken);
        await CallAsync("chown", path, [path, Text(owner), Text(group)], default, cancellationToken);
        await CallAsync("chmod", path, [path, Text(mode)], default, cancellationToken);
    }

    /// <inheritdoc/>
    public Task CopyAsync(string from, string to, CancellationToken cancellationToken) => CallAsync("copy", from, [from, to], default, cancellationToken);

    /// <inheritdoc/>
    public Task MakeDirectoryAsync(string path, int mode, CancellationToken cancellationToken) => CallAsync("mkdir", path, [path, Text(mode)], default, cancellationToken);

    /// <inheritdoc/>
    public Task SymlinkAsync(string target, string path, CancellationToken cancellationToken) => CallAsync("symlink", path, [target, path], default, cancellationToken);

    /// <inheritdoc/>
    public Task RenameAsync(string from, string to, CancellationToken cancellationToken) => CallAsync("rename", from, [from, to], default, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(string path, CancellationToken cancellationToken) => CallAsync("remove", path, [path], default, cancellationToken);

    /// <inheritdoc/>
    public async Task<long> FreeSpaceAsync(string path, CancellationToken cancellationToken) =>
        long.Parse((await CallAsync("freespace", path, [path], default, cancellationToken)).Values[0], CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async Task<byte[]?> GetAttributeAsync(string path, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await session.CallAsync("getattribute", [path, name], cancellationToken)).Payload.ToArray();
        }
        catch (GuestfsException e) when (e.Errno is GuestfsException.NoAttribute or GuestfsException.NotSupported)
        {
            return null;
        }
        catch (GuestfsException e)
        {
            throw new GuestVolumeException(path, e.Message, e);
        }
    }

    /// <inheritdoc/>
    public Task SetAttributeAsync(string path, string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        CallAsync("setattribute", path, [path, name], value, cancellationToken);

    private static int Int(string text) => (int)long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<WorkerFrame> CallAsync(string operation, string path, IReadOnlyList<string> arguments, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            return await session.CallAsync(operation, arguments, payload, cancellationToken);
        }
        catch (GuestfsException e)
        {
            throw new GuestVolumeException(path, e.Message, e);
        }
    }
}
