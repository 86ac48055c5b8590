package org.excalibur.drive;

import com.getcapacitor.BridgeActivity;

public class MainActivity extends BridgeActivity {}
