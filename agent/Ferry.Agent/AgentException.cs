using Ferry.Contracts;

namespace Ferry.Agent;

/// <summary>Ends a command with a failure for the user.</summary>
internal sealed class AgentException(Failure failure, Exception? inner = null) : Exception(failure.Message, inner)
{
    public Failure Failure { get; } = failure;

    /// <summary>A failure.</summary>
    public static AgentException Of(string code, string message, string where, string remedy, Exception? inner = null) =>
        new(new Failure { Code = code, Message = message, Where = where, Remedy = remedy }, inner);
}
