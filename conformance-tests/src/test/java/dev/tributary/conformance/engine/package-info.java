/** Tests of the engine through its API and a scripted transport: what the laws do not reach. */
package dev.tributary.conformance.engine;
