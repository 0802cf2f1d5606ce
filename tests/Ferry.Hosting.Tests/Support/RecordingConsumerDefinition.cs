using Ferry.Hosting.Bus;

namespace Ferry.Hosting.Tests.Support;

internal sealed class RecordingConsumerDefinition<T>() : EventConsumerDefinition<RecordingConsumer<T>>("test-" + typeof(T).Name.ToLowerInvariant()) where T : class;
