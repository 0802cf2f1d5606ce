using System.Runtime.InteropServices;
using System.Text;

namespace Ferry.Fixup.Appliance;

/// <summary>One libguestfs handle: turns return codes into exceptions and C memory into managed values, with bounds.</summary>
internal sealed unsafe class Guestfs : IDisposable
{
    /// <summary>Most strings in one answer.</summary>
    private const int MaximumStrings = 100_000;

    private nint _handle;

    public Guestfs()
    {
        _handle = LibGuestfs.CreateFlags(LibGuestfs.CreateNoCloseOnExit);
        if (_handle == 0)
        {
            throw new GuestfsException("create", "libguestfs gives no handle", 0);
        }

        LibGuestfs.SetErrorHandler(_handle, 0, 0);
    }

    public nint Handle => _handle;

    public void Check(string operation, int result)
    {
        if (result == -1)
        {
            throw Failure(operation);
        }
    }

    public long Check(string operation, long result) => result == -1 ? throw Failure(operation) : result;

    public nint CheckPointer(string operation, nint result) => result == 0 ? throw Failure(operation) : result;

    public string TakeString(string operation, nint result)
    {
        var text = Text(CheckPointer(operation, result));
        LibGuestfs.Free(result);
        return text;
    }

    public List<string> TakeStrings(string operation, nint result)
    {
        CheckPointer(operation, result);
        var strings = new List<string>();
        var array = (nint*)result;
        for (var i = 0; array[i] != 0; i++)
        {
            if (strings.Count < MaximumStrings)
            {
                strings.Add(Text(array[i]));
            }

            LibGuestfs.Free(array[i]);
        }

        LibGuestfs.Free(result);
        return strings;
    }

    /// <summary>Runs a fixed command line in the appliance, for checks that the library has no call for. Never with a name from the guest's files.</summary>
    public string Shell(params string[] words)
    {
        var pointers = new nint[words.Length + 1];
        try
        {
            for (var i = 0; i < words.Length; i++)
            {
                pointers[i] = Marshal.StringToCoTaskMemUTF8(words[i]);
            }

            return TakeString(words[0], LibGuestfs.Debug(_handle, "sh", pointers));
        }
        finally
        {
            Array.ForEach(pointers, Marshal.FreeCoTaskMem);
        }
    }

    public void AddDrive(ApplianceDisk disk)
    {
        var network = disk.Format == ApplianceDisk.Nbd;
        var strings = new List<nint>();
        nint Native(string text)
        {
            strings.Add(Marshal.StringToCoTaskMemUTF8(text));
            return strings[^1];
        }

        var servers = Marshal.AllocHGlobal(2 * sizeof(nint));
        try
        {
            ((nint*)servers)[0] = Native("unix:" + disk.Place);
            ((nint*)servers)[1] = 0;
            var arguments = new AddDriveArguments
            {
                BitMask = AddDriveArguments.HasReadOnly | AddDriveArguments.HasFormat,
                ReadOnly = disk.ReadOnly ? 1 : 0,
                Format = Native(network ? "raw" : disk.Format),
            };
            if (!disk.ReadOnly)
            {
                arguments.BitMask |= AddDriveArguments.HasCacheMode;
                arguments.CacheMode = Native("unsafe");
            }

            if (network)
            {
                arguments.BitMask |= AddDriveArguments.HasProtocol | AddDriveArguments.HasServer;
                arguments.Protocol = Native("nbd");
                arguments.Server = servers;
            }

            Check("add_drive", LibGuestfs.AddDrive(_handle, network ? "" : disk.Place, arguments));
        }
        finally
        {
            strings.ForEach(Marshal.FreeCoTaskMem);
            Marshal.FreeHGlobal(servers);
        }
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            LibGuestfs.Close(_handle);
            _handle = 0;
        }
    }

    private static string Text(nint text) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)text));

    private GuestfsException Failure(string operation)
    {
        var message = LibGuestfs.LastError(_handle);
        return new GuestfsException(operation, message == 0 ? "no message" : Text(message), LibGuestfs.LastErrno(_handle));
    }
}
