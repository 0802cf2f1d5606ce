using MassTransit;

namespace Ferry.Hosting.Sagas;

/// <summary>Somebody else has written the saga in between: the message is to be handled again, on the new state.</summary>
public sealed class DocumentConcurrencyException(string message, Type sagaType, Guid correlationId) : ConcurrencyException(message, sagaType, correlationId);
