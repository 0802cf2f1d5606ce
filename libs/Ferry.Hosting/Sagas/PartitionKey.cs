using System.Reflection;
using MassTransit;

namespace Ferry.Hosting.Sagas;

/// <summary>The conversion that a message is about: its <c>ConversionId</c> (or <c>CorrelationId</c>) property.</summary>
internal static class PartitionKey<TMessage> where TMessage : class
{
    private static readonly Func<TMessage, Guid>? Property = Find();

    /// <summary>The key of a message; a message without one goes by its own id.</summary>
    public static Guid Of(ConsumeContext<TMessage> context) => Property?.Invoke(context.Message) ?? context.CorrelationId ?? context.MessageId ?? Guid.Empty;

    private static Func<TMessage, Guid>? Find()
    {
        var property = typeof(TMessage).GetProperty("ConversionId", BindingFlags.Public | BindingFlags.Instance)
            ?? typeof(TMessage).GetProperty("CorrelationId", BindingFlags.Public | BindingFlags.Instance);
        return property?.PropertyType == typeof(Guid) && property.GetMethod is { } getter ? getter.CreateDelegate<Func<TMessage, Guid>>() : null;
    }
}
