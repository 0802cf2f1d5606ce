using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Ferry.Orchestrator.Tests.Support;

/// <summary>Hears from the log which messages the saga drops as late.</summary>
internal sealed class DroppedMessages : ILoggerProvider, ILogger
{
    private const int InstanceMissing = 1061;

    /// <summary>Types of messages that were dropped.</summary>
    public Channel<string> Types { get; } = Channel.CreateUnbounded<string>();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id == InstanceMissing && state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            Types.Writer.TryWrite((string)values.First(value => value.Key == "Type").Value!);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
