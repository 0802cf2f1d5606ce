using MassTransit;

namespace Ferry.Hosting.Tests.Support;

/// <summary>Records events of a type.</summary>
internal sealed class RecordingConsumer<T>(Recorder<T> recorder) : IConsumer<T> where T : class
{
    public Task Consume(ConsumeContext<T> context)
    {
        recorder.Add(context);
        return Task.CompletedTask;
    }
}
