using System.Globalization;
using System.Text.RegularExpressions;
using MongoDB.Driver;

namespace Ferry.TestServices;

/// <summary>
/// A MongoDB for tests: the real server that <c>FERRY_TEST_MONGODB</c> (a connection string) names, with a database of its own; else the emulator, which speaks the
/// wire protocol over Debian's mongomock. The emulator proves nothing about MongoDB's concurrency or speed.
/// </summary>
public sealed partial class MongoServer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private const string Mock = "/usr/lib/python3/dist-packages/mongomock";
    private const string Bson = "/usr/lib/python3/dist-packages/bson";
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    private readonly TempFolder? _folder;
    private ExternalProcess? _emulator;
    private int _port;
    private string? _real;

    private MongoServer(string? real)
    {
        _real = real;
        _folder = real is null ? new TempFolder("mongo") : null;
    }

    /// <summary>What is missing to run it, or null.</summary>
    public static string? Missing => Real is not null
        ? null
        : ExternalProcess.Missing ?? Skip.MissingFiles("python3-mongomock python3-bson, or set FERRY_TEST_MONGODB to a server's connection string", Python, Mock, Bson);

    /// <summary>Whether it is the emulator, which can be killed and started again.</summary>
    public bool IsEmulator => _real is null;

    /// <summary>Where clients connect.</summary>
    public string ConnectionString => _real ?? $"mongodb://127.0.0.1:{_port}/";

    /// <summary>A database that no other test run uses.</summary>
    public string Database { get; } = $"ferry_test_{Guid.NewGuid():N}";

    private static string? Real => Environment.GetEnvironmentVariable("FERRY_TEST_MONGODB") is { Length: > 0 } text ? text : null;

    /// <summary>Starts the emulator and waits until it takes connections, or takes the real server.</summary>
    public static async Task<MongoServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var server = new MongoServer(Real);
        if (!server.IsEmulator)
        {
            return server;
        }

        try
        {
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the emulator with SIGKILL, as a crash does.</summary>
    public async Task KillAsync()
    {
        RefuseReal();
        if (_emulator is { } emulator)
        {
            _emulator = null;
            await emulator.DisposeAsync();
        }
    }

    /// <summary>Starts the emulator after <see cref="KillAsync"/>, with the same data and port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        RefuseReal();
        if (_emulator is not null)
        {
            throw new InvalidOperationException("The emulator runs.");
        }

        var script = Path.Combine(AppContext.BaseDirectory, "mongo-emulator.py");
        string[] arguments = ["-B", script, _folder!.File("journal"), _port.ToString(CultureInfo.InvariantCulture)];
        _emulator = await ExternalProcess.StartAsync(Python, arguments);
        await _emulator.WaitForOutputAsync("listening on", LongestStart, cancellationToken);
        _port = int.Parse(Listening().Match(_emulator.Output).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>Kills the emulator and starts it again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await KillAsync();
        await StartAgainAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_real is not null)
        {
            using var client = new MongoClient(_real);
            await client.DropDatabaseAsync(Database);
            _real = null;
            return;
        }

        await KillAsync();
        _folder?.Dispose();
    }

    [GeneratedRegex("listening on ([0-9]+)")]
    private static partial Regex Listening();

    private void RefuseReal()
    {
        if (!IsEmulator)
        {
            throw new InvalidOperationException("A real server is not started or ended by tests.");
        }
    }
}
