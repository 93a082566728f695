using Azure.Messaging.ServiceBus;

namespace Abm.Local.Tests.ServiceBus;

public class RefusalTests
{
    [Fact]
    public void An_entity_path_and_the_transfer_dead_letters_are_not_supported()
    {
        NotSupportedException byPath = Assert.Throws<NotSupportedException>(() => new ServiceBusClient("Endpoint=sb://localhost;UseDevelopmentEmulator=true;EntityPath=orders"));
        NotSupportedException bySubQueue = Assert.Throws<NotSupportedException>(
            () => new ServiceBusClient("UseDevelopmentStorage=true").CreateReceiver("orders", new ServiceBusReceiverOptions { SubQueue = SubQueue.TransferDeadLetter }));

        Assert.Contains("EntityPath", byPath.Message, StringComparison.Ordinal);
        Assert.Contains("TransferDeadLetter", bySubQueue.Message, StringComparison.Ordinal);
    }
}
