package io.lazuli.fabric;

import io.lazuli.fabric.account.Account;
import io.lazuli.fabric.account.AccountChanges;
import io.lazuli.fabric.account.AccountKeeper;
import io.lazuli.fabric.account.AccountKey;
import io.lazuli.fabric.account.AccountKeyFeed;
import io.lazuli.fabric.account.AccountReply;
import io.lazuli.fabric.account.AccountRequest;
import io.lazuli.fabric.account.AccountsKnown;
import io.lazuli.fabric.controller.Controller;
import io.lazuli.fabric.controller.ControllerReply;
import io.lazuli.fabric.deployment.Deployment;
import io.lazuli.fabric.deployment.DeploymentReply;
import io.lazuli.fabric.deployment.DeploymentRequest;
import io.lazuli.fabric.deployment.DeploymentState;
import io.lazuli.fabric.deployment.RoleSpec;
import io.lazuli.kernel.wire.WireCatalog;

/** The fabric's messages: 1400–1499. A number never changes its meaning. */
public final class FabricWireCatalog implements WireCatalog {

    @Override
    public void register(Registrar registrar) {
        registrar
                .message(1400, Deployment.Ask.class)
                .message(1401, DeploymentRequest.Deploy.class)
                .message(1402, DeploymentRequest.Scale.class)
                .message(1403, DeploymentRequest.RestartInstance.class)
                .message(1404, DeploymentRequest.Remove.class)
                .message(1405, DeploymentRequest.ConfirmRemoved.class)
                .message(1406, DeploymentRequest.Get.class)
                .message(1407, DeploymentReply.Done.class)
                .message(1408, DeploymentReply.Refused.class)
                .message(1409, DeploymentState.class)
                .message(1410, DeploymentState.Phase.class)
                .message(1411, RoleSpec.class)
                .message(1412, FabricErrorCode.class)
                .message(1420, Controller.Register.class)
                .message(1421, Controller.CancelRegistration.class)
                .message(1422, Controller.DesiredChanged.class)
                .message(1423, Controller.ListDeployments.class)
                .message(1424, Controller.ListInstances.class)
                .message(1425, Controller.Locate.class)
                .message(1430, ControllerReply.Registered.class)
                .message(1431, ControllerReply.Acknowledged.class)
                .message(1432, ControllerReply.Deployments.class)
                .message(1433, ControllerReply.Instances.class)
                .message(1434, ControllerReply.Located.class)
                .message(1435, ControllerReply.Refused.class)
                .message(1440, FabricService.DeploymentInfo.class)
                .message(1441, FabricService.RoleInfo.class)
                .message(1442, FabricService.InstanceInfo.class)
                .message(1443, FabricService.InstancePhase.class)
                .message(1450, AccountKeeper.Change.class)
                .message(1451, AccountKeeper.Get.class)
                .message(1452, AccountKeeper.ListAccounts.class)
                .message(1453, AccountKeeper.Report.class)
                .message(1454, AccountKeyFeed.Page.class)
                .message(1455, AccountChanges.class)
                .message(1456, AccountsKnown.class)
                .message(1457, Account.class)
                .message(1458, Account.Phase.class)
                .message(1459, AccountKey.class)
                .message(1460, AccountRequest.Create.class)
                .message(1461, AccountRequest.RollKey.class)
                .message(1462, AccountRequest.Delete.class)
                .message(1465, AccountReply.Changed.class)
                .message(1466, AccountReply.Found.class)
                .message(1467, AccountReply.Listed.class)
                .message(1468, AccountReply.Refused.class);
    }
}
