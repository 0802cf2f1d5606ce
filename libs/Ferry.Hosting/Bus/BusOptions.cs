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

    internal bool IsRabbitMq => Kind.Equals("rabbitmq", StringComparison.OrdinalIgnoreCase);
}
