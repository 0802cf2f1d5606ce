using System.ComponentModel.DataAnnotations;

namespace Ferry.Hosting.Bus;

/// <summary>Which bus connects the services.</summary>
public sealed class BusOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Ferry:Bus";

    /// <summary><c>memory</c> (all services in one process) or <c>rabbitmq</c>.</summary>
    [RegularExpression("(?i)^(memory|rabbitmq)$")]
    public string Kind { get; set; } = "memory";

    /// <summary>Address of RabbitMQ: <c>amqp://host:5672/vhost</c>, with user and password or without.</summary>
    public string Uri { get; set; } = "amqp://localhost:5672/";

    /// <summary>User, where the address has none.</summary>
    public string? UserName { get; set; }

    /// <summary>Password, where the address has none.</summary>
    public string? Password { get; set; }

    /// <summary>How often RabbitMQ is asked how long the queues of this process are, where metrics are exported; 0: never.</summary>
    [Range(0, 3600)]
    public int QueueDepthSeconds { get; set; } = 15;

    /// <summary>User and password, from wherever they stand.</summary>
    internal (string User, string Password) Credentials
    {
        get
        {
            var parts = new Uri(Uri).UserInfo.Split(':', 2);
            return (
                UserName ?? (parts[0].Length > 0 ? System.Uri.UnescapeDataString(parts[0]) : "guest"),
                Password ?? (parts.Length > 1 ? System.Uri.UnescapeDataString(parts[1]) : "guest"));
        }
    }

    internal bool IsRabbitMq => Kind.Equals("rabbitmq", StringComparison.OrdinalIgnoreCase);
}
