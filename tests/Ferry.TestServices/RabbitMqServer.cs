using System.Globalization;

namespace Ferry.TestServices;

/// <summary>A RabbitMQ of its own: Debian's, unprivileged, on free ports of the loopback address, with all its data in a temporary folder.</summary>
/// <remarks>Its Erlang port mapper (epmd) is its own as well, so brokers of test runs side by side do not meet.</remarks>
public sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/rabbitmq/lib";
    private const string Epmd = "/usr/bin/epmd";
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(90);

    private readonly TempFolder _folder = new("rabbitmq");
    private readonly int _port = FreePort.Next();
    private readonly int _distributionPort = FreePort.Next();
    private readonly int _epmdPort = FreePort.Next();
    private ExternalProcess? _epmd;
    private ExternalProcess? _broker;

    private RabbitMqServer()
    {
    }

    /// <summary>What is missing to run it, or null.</summary>
    public static string? Missing =>
        ExternalProcess.Missing ?? Skip.MissingFiles("rabbitmq-server", Programs, Epmd) ?? (Program() is null ? "rabbitmq-server" : null);

    /// <summary>Where clients connect.</summary>
    public Uri Uri => new($"amqp://guest:guest@127.0.0.1:{_port}/");

    /// <summary>The last of what the broker wrote.</summary>
    public string Output => _broker?.Output ?? string.Empty;

    /// <summary>Id of the broker's process.</summary>
    public int ProcessId => _broker?.Id ?? throw new InvalidOperationException("The broker does not run.");

    /// <summary>Starts a broker and waits until it takes connections.</summary>
    public static async Task<RabbitMqServer> StartAsync(CancellationToken cancellationToken = default)
    {
        for (var tries = 1; ; tries++)
        {
            var server = new RabbitMqServer();
            try
            {
                await server.PrepareAsync(cancellationToken);
                await server.StartAgainAsync(cancellationToken);
                return server;
            }
            catch (Exception e)
            {
                await server.DisposeAsync();
                if (e is not InvalidOperationException || tries == 3)
                {
                    throw;
                }

                // It ended by itself: most likely somebody else took one of its ports. Others are tried.
            }
        }
    }

    /// <summary>Ends the broker with SIGKILL, as a crash does. What was confirmed to publishers stays.</summary>
    public async Task KillAsync()
    {
        if (_broker is { } broker)
        {
            _broker = null;
            await broker.DisposeAsync();
        }
    }

    /// <summary>Starts the broker after <see cref="KillAsync"/>, with the same data and port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        if (_broker is not null)
        {
            throw new InvalidOperationException("The broker runs.");
        }

        _broker = await ExternalProcess.StartAsync(Program()!, [], Environment(), _folder.Path, user: "nobody");
        await _broker.WaitForOutputAsync("completed with", LongestStart, cancellationToken);
    }

    /// <summary>Kills the broker and starts it again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await KillAsync();
        await StartAgainAsync(cancellationToken);
    }

    /// <summary>The messages, ready or not yet acknowledged, in each queue.</summary>
    public async Task<IReadOnlyDictionary<string, int>> QueuesAsync()
    {
        var tool = Path.Combine(Path.GetDirectoryName(Program()!)!, "rabbitmqctl");
        await using var listing = await ExternalProcess.StartAsync(
            tool, ["--quiet", "--no-table-headers", "list_queues", "name", "messages"], Environment(), _folder.Path, user: "nobody");
        var exitCode = await listing.WaitForExitAsync();
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"rabbitmqctl ended with {exitCode}: {listing.Output}");
        }

        return listing.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(line => line.Length == 2)
            .ToDictionary(line => line[0], line => int.Parse(line[1], CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_epmd is not null)
        {
            await _epmd.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static string? Program() => Directory.Exists(Programs)
        ? Directory.EnumerateDirectories(Programs, "rabbitmq_server-*").Select(folder => $"{folder}/sbin/rabbitmq-server").FirstOrDefault(File.Exists)
        : null;

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("Only Debian's broker is started.");
        }

        // The broker runs as nobody when the tests run as root.
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_111_111);
        await File.WriteAllTextAsync(_folder.File("enabled_plugins"), "[].\n", cancellationToken);
        await File.WriteAllTextAsync(_folder.File("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{_port}
            log.console = true
            log.console.level = warning
            log.file = false
            disk_free_limit.absolute = 10MB

            """, cancellationToken);
        string[] arguments = ["-port", _epmdPort.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"];
        _epmd = await ExternalProcess.StartAsync(Epmd, arguments, Environment(), _folder.Path, user: "nobody");
    }

    private Dictionary<string, string?> Environment() => new()
    {
        ["HOME"] = _folder.Path,
        ["ERL_EPMD_PORT"] = _epmdPort.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = $"ferry{_port}@localhost",
        ["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_CONFIG_FILE"] = _folder.File("rabbitmq.conf"),
        ["RABBITMQ_CONF_ENV_FILE"] = _folder.File("none"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.File("enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = _folder.File("data"),
        ["RABBITMQ_LOG_BASE"] = _folder.File("log"),
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none",

        // The start script then becomes the broker instead of staying its parent, so the signal at the test's death reaches the broker.
        ["RUNNING_UNDER_SYSTEMD"] = "1",
    };
}
