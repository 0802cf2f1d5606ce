using System.Runtime.CompilerServices;
using Ferry.Orchestrator.Conversions;
using Ferry.Orchestrator.Tests.Support;
using MassTransit;

namespace Ferry.Orchestrator.Tests;

/// <summary>No event of the saga is a fault when its conversion is not known.</summary>
public sealed class LateMessageTests : IAsyncLifetime
{
    private OrchestratorHost ferry = null!;

    /// <summary>The type of every event that the state machine declares.</summary>
    public static TheoryData<string> Events => new(typeof(ConversionStateMachine).GetProperties()
        .Where(property => property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Event<>))
        .Select(property => property.PropertyType.GenericTypeArguments[0].AssemblyQualifiedName!));

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => ferry = await OrchestratorHost.StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ferry.DisposeAsync();

    [Theory]
    [MemberData(nameof(Events))]
    public async Task EventOfAnUnknownConversion_IsDropped(string type)
    {
        var message = RuntimeHelpers.GetUninitializedObject(Type.GetType(type)!);
        message.GetType().GetProperty("ConversionId")!.SetValue(message, Guid.NewGuid());
        foreach (var text in message.GetType().GetProperties().Where(property => property.PropertyType == typeof(string) && property.SetMethod is not null))
        {
            text.SetValue(message, "late");
        }

        await ferry.AnswerAsync(message);

        Assert.Equal(message.GetType().Name, await ferry.DroppedAsync());
    }
}
