using Ferry.Hosting.Bus;

namespace Ferry.Hosting.Tests.Support;

internal sealed class RecordingConsumerDefinition<T> : EventConsumerDefinition<RecordingConsumer<T>> where T : class
{
    // The formatter leaves the backtick of a generic event (Fault<T>) in the name, which RabbitMQ does not take.
    public RecordingConsumerDefinition()
        : base(TestHost.Service) => EndpointName = $"{TestHost.Service}-" + string.Join('-', Names()).ToLowerInvariant();

    private static IEnumerable<string> Names() => [typeof(T).Name.Split('`')[0], .. typeof(T).GenericTypeArguments.Select(type => type.Name)];
}
