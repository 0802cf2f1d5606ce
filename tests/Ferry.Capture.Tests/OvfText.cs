namespace Ferry.Capture.Tests;

/// <summary>A small .ovf as VMware writes it.</summary>
internal static class OvfText
{
    public static string Machine(
        string name = "The VM", string href = "disk.vmdk", string memory = "3072", string memoryUnit = "byte * 2^20", string extra = "", string capacity = "10") => $"""
        <Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"
            xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf">
          <References><File ovf:href="{href}" ovf:id="file1" ovf:size="1"/></References>
          <DiskSection><Info/><Disk ovf:capacity="{capacity}" ovf:capacityAllocationUnits="byte * 2^20" ovf:diskId="vmdisk1" ovf:fileRef="file1"/></DiskSection>
          <VirtualSystem ovf:id="vm">
            <Name>{name}</Name>
            <OperatingSystemSection ovf:id="96" vmw:osType="debian10_64Guest"/>
            <VirtualHardwareSection>
              <Item><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>
              <Item><rasd:AllocationUnits>{memoryUnit}</rasd:AllocationUnits><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>{memory}</rasd:VirtualQuantity></Item>
              <Item><rasd:Address>1</rasd:Address><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceSubType>vmware.sata.ahci</rasd:ResourceSubType><rasd:ResourceType>20</rasd:ResourceType></Item>
              <Item><rasd:AddressOnParent>4</rasd:AddressOnParent><rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource><rasd:InstanceID>4</rasd:InstanceID><rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
              <Item><rasd:Address>00:50:56:aa:bb:cc</rasd:Address><rasd:Connection>net</rasd:Connection><rasd:InstanceID>5</rasd:InstanceID><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>
              {extra}
            </VirtualHardwareSection>
          </VirtualSystem>
        </Envelope>
        """;
}
